"""What feeds a hub: sources side by side, gathered by one writer."""
