"""What is missing in a group's plan: findings, whose each is, and which of them may stand as they are."""
