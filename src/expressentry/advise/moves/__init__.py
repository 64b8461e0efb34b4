"""Steps that a person could take, and what each changes in the profile."""
