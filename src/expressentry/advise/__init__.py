"""What changes, what to do, and what is new: advice on top of assessment and rounds. Nothing here draws or prints."""
