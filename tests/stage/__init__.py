"""The stage of the tests: who owns, who owes, who is on duty, which bank calls, and a browser for each."""
