"""Rules, evaluation forms and scorecards: what a conversation is judged by, and the findings that prove the score."""
