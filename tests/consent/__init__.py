import pytest

# What its checks compare is told when one fails, as in a file of tests.
pytest.register_assert_rewrite("tests.consent.doors")
