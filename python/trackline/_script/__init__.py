"""The user's script: what its text says, and which place of it a call comes from."""
