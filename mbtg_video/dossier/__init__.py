"""What is written about a group: accounts, case formulations, minutes, reading lists."""
