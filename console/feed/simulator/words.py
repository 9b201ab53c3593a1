"""The simulator's plain English: log lines but for the first, results, names, objectives."""

from __future__ import annotations

MIDDLE = {
    "Violence": ("Earlier calls between those involved noted.", "Injuries asked about, ambulance told.", "Intelligence checks made on those named."),
    "Acquisitive": ("CCTV operator asked to look at the area.", "Description passed to all units.", "Asked to leave things as they are for forensics."),
    "Damage": ("Photographs of the damage asked for.", "Fire service asked whether they attend.", "Earlier damage at this address noted."),
    "Disorder": ("CCTV operator asked to look at the area.", "Earlier calls to this place noted.", "Description passed to the neighbourhood team."),
    "Welfare": ("Ambulance told.", "Earlier calls to this address noted.", "Next of kin being reached.", "Risk reviewed with a supervisor."),
    "Roads": ("Highways told.", "Exact place confirmed.", "Traffic building in both directions."),
    "Other": ("Intelligence checks made, nothing adverse.", "Earlier calls to this address noted.", "Supervisor has reviewed the log."),
}  # fmt: skip
"""By category of incident: what the control room adds."""
GRADED = (
    "THRIVE recorded: threat to life or limb now, sent at once.",
    "THRIVE recorded: risk may grow, attendance within the hour.",
    "THRIVE recorded: no one at risk now, appointment offered.",
    "THRIVE recorded: can be dealt with without a visit.",
)
"""By grade: what is recorded of it."""
SCENE = {
    "Violence": ("First account taken.", "Parties kept apart and spoken to.", "Injuries looked at, photographs taken."),
    "Acquisitive": ("First account taken.", "House-to-house calls in hand.", "Footage seen and kept."),
    "Damage": ("Damage photographed.", "First account taken.", "Neighbours spoken to."),
    "Disorder": ("Those present spoken to.", "Area patrolled, quiet now.", "Names and accounts taken."),
    "Welfare": ("Officer speaking to those there.", "Address searched.", "Officer waiting with ambulance crew."),
    "Roads": ("Lane closed, traffic managed.", "Scene made safe.", "Details taken from those there."),
    "Other": ("First account taken.", "Those there spoken to.", "All in order for now."),
}  # fmt: skip
"""By category: what an officer says from the scene."""
RESULTS = {
    "Violence": ("No complaint made, advice given", "Safeguarding referral made", "No offence found"),
    "Acquisitive": ("Area searched, no trace of suspects", "No offence found", "Advice given on security"),
    "Damage": ("No offence found, advice given", "Accidental damage", "Passed to the neighbourhood team"),
    "Disorder": ("Group dispersed", "Quiet on arrival, no trace", "Words of advice given", "Passed to the neighbourhood team"),
    "Welfare": ("Found safe and well", "Left in the care of family", "Taken to hospital by ambulance", "Referred to a partner"),
    "Roads": ("Road clear", "Details exchanged", "Vehicles recovered", "Left with highways"),
    "Other": ("Advice given at the scene", "Referred to a partner", "Nothing found for police"),
    "Hate crime": ("No offence found, incident noted", "Support offered, passed to the neighbourhood team"),
    "Drugs": ("Searched, nothing found", "Advice given, intelligence recorded"),
    "Weapons": ("Area searched, no weapon found", "Good reason found, no offence"),
    "Collision injury": ("Collision report made, road clear", "Collision report made, vehicles recovered"),
    "Highway disruption": ("Road clear", "Vehicle recovered", "Left with highways"),
    "Missing person": ("Found safe and well", "Returned of their own accord", "Found and taken home", "Found, taken to hospital"),
    "Abandoned 999": ("Caller found safe, misdial", "Child playing with a phone, advice given", "Address checked, all in order"),
    "Alarm": ("Premises secure, false alarm", "Left with the keyholder", "Fault in the alarm"),
    "Suspicious circumstances": ("Area searched, no trace", "All in order, good reason found", "Persons checked and moved on"),
    "Fraud": ("Left with the national fraud line", "Advice given on fraud"),
    "Civil dispute": ("Civil matter, advice given", "Peace kept, both sides advised"),
}  # fmt: skip
"""By type where it has its own, else by category: how an incident that was attended ends without a crime."""
DESK = ("Advice given by phone", "Recorded by the desk", "Referred to a partner", "No police action needed", "Duplicate of another log")
CALLBACKS = {
    "Missing person": ("Returned before a unit was sent", "Found by family, spoken to by phone"),
    "Abandoned 999": ("Rung back, misdial", "Rung back, all in order"),
}  # fmt: skip
"""How one that was not attended ends without a crime, by type where it has its own."""
CANCELLED = "Cancelled by the caller"
CALLED_OFF = "Caller rings back: police no longer needed."
NOT_NEEDED = "First unit there needs no help, others stood down."
RELIEVED = "Unit relieved at the end of its shift, work at the scene to go on."
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
