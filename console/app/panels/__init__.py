"""The panels by kind: each takes a PanelAnswer and draws it."""
