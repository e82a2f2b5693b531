"""Linear orders: every question of the family as a finite model."""
