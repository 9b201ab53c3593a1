"""The simulator's plain English: log lines, results, names, objectives."""

from __future__ import annotations

OPENING = {
    "Violence": ("Caller reports a fight outside the address, two people involved.", "Caller says a man she knows has hit her.", "Shouting heard, caller thinks someone is hurt."),
    "Acquisitive": ("Caller says the door was forced and property is gone.", "Staff report goods taken, person made off on foot.", "Vehicle found with a window broken."),
    "Damage": ("Caller reports damage to a window and a fence.", "Smoke seen from a bin store, fire service told."),
    "Disorder": ("Group of about eight being loud and abusive.", "Caller reports youths throwing stones.", "Neighbour dispute, raised voices."),
    "Welfare": ("Caller has not heard from the person since yesterday and is worried.", "Person appears distressed and is talking of harm.", "Not returned home, phone goes to voicemail."),
    "Roads": ("Two-car collision, one lane blocked.", "Vehicle stopped on a bend, no lights.", "Debris across the carriageway."),
    "Other": ("Caller reports someone looking into gardens.", "Alarm sounding, keyholder on the way.", "Caller asks for advice."),
}  # fmt: skip
MIDDLE = (
    "THRIVE recorded, grade as set.",
    "Caller updated, understands the delay.",
    "Intelligence checks made, nothing adverse.",
    "Previous calls to this address noted.",
    "Supervisor has reviewed the log.",
    "CCTV operator asked to look at the area.",
)
SCENE = (
    "Officer at scene, all in order for now.",
    "Officer speaking to those involved.",
    "First account taken.",
    "Area searched, no trace so far.",
)
RESULTS = ("Dealt with at scene", "Advice given", "No trace", "Referred to a partner", "Duplicate of another log")
DESK = ("Advice given by phone", "Recorded by the desk", "Referred to a partner", "No police action needed")
RANKS = ("PC", "PC", "PC", "PC", "PC", "Sergeant")
FIRST = (
    "Amy",
    "Ben",
    "Cara",
    "Dan",
    "Ella",
    "Femi",
    "Grace",
    "Hari",
    "Isla",
    "Jack",
    "Kofi",
    "Lena",
    "Mark",
    "Nia",
    "Owen",
    "Priya",
    "Ruth",
    "Sam",
    "Tess",
    "Will",
)
LAST = (
    "Ashby",
    "Barrow",
    "Chilcott",
    "Derrick",
    "Ebdon",
    "Farley",
    "Gough",
    "Hember",
    "Ings",
    "Jarrett",
    "Keates",
    "Loveridge",
    "Merrick",
    "Nurse",
    "Orchard",
    "Pople",
    "Quick",
    "Rudge",
    "Stride",
    "Treloar",
    "Upham",
    "Vowles",
    "Winstone",
    "Yeo",
)
OBJECTIVES = (
    ("Night-time economy", "night-time economy", 19, 28), ("Burglary patrol", "burglary", 8, 18), ("Road safety checks", "roads", 7, 15),
    ("School patrol", "reassurance", 8, 16), ("Shop theft patrol", "shop theft", 10, 19), ("Anti-social behaviour patrol", "disorder", 15, 24),
)  # fmt: skip
SKILLS = {
    "response": ("response driver", "taser"), "neighbourhood": ("community",), "roads": ("pursuit", "collision"),
    "firearms": ("firearms", "pursuit"), "dogs": ("dog",), "investigation": ("interview",),
}  # fmt: skip
