"""Truth-tellers: every question of the family as a finite model."""
