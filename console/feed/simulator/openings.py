"""How the log of an incident opens, by its type."""

from __future__ import annotations

OPENING = {
    "Domestic": (
        "Caller says her partner has hit her and is still in the house.", "Neighbour hears a couple shouting and things being thrown.",
        "Caller's former partner is at the door and won't leave.", "Call from a child: parents are fighting downstairs.",
    ),
    "Violence now": (
        "Two men fighting in the street, one is on the ground.", "Fight outside a pub, about six people, bottles thrown.",
        "Man being punched by two others, one has a cut head.", "Door staff holding a man who has hit a customer.",
    ),
    "Violence past": (
        "Caller was punched last night by a man known to him, bruising.", "Hospital reports a patient assaulted earlier today.",
        "Caller was pushed over by a neighbour yesterday, sore wrist.", "Parent says her son was hit on the way home from school.",
    ),
    "Stalking and harassment": (
        "Caller is getting dozens of messages a day from a former partner.", "The same man has waited outside her work all week.",
        "Unwanted gifts left on the doorstep again, caller frightened.", "Threatening messages from several unknown accounts.",
    ),
    "Sexual offence": (
        "Caller reports a sexual assault by a person known to her.", "Friend calls on behalf of a woman assaulted after a night out.",
        "Man exposed himself on a footpath, has walked off.", "Caller was touched by a stranger on a bus.",
    ),
    "Robbery": (
        "Phone taken by two youths on bicycles, one showed a knife.", "Caller pushed to the ground and his bag pulled from him.",
        "Shop worker threatened, cash taken from the till.", "Delivery rider threatened and his moped taken.",
    ),
    "Burglary dwelling": (
        "Caller is home to a forced back door and an untidy search.", "Noises downstairs, caller thinks someone is in the house.",
        "Window forced while the family was out, jewellery gone.", "Neighbour sees two people climb over a garden wall to an open window.",
    ),
    "Burglary other": (
        "Shed broken into overnight, tools gone.", "Shop front door forced, till drawer missing.",
        "Site office broken into over the weekend.", "Padlock cut on a garage, two bicycles gone.",
    ),
    "Vehicle crime": (
        "Van window broken overnight, tools taken.", "Car gone from outside the house since last night.",
        "Catalytic converter cut from a parked car.", "Youths trying the door handles of parked cars.",
    ),
    "Shoplifting": (
        "Staff have detained a man with unpaid goods.", "Two women left the shop with a trolley not paid for.",
        "Spirits and meat taken, the whole of it on the shop's cameras.", "A regular shop thief is in the store now, banned from it.",
    ),
    "Theft": (
        "Caller's purse taken from her bag at a market stall.", "Bicycle taken from a rack, its lock cut.",
        "Parcel taken from a doorstep, seen on the doorbell camera.", "Phone left on a table in a cafe and taken.",
    ),
    "Criminal damage": (
        "Front window broken by a thrown stone.", "Car scratched along both sides overnight.",
        "Wall sprayed with paint, still wet.", "Fence panels kicked in by a group passing by.",
    ),
    "Arson": (
        "Bins set alight against a wall, fire service on the way.", "Car on fire in a car park, two youths seen running.",
        "Petrol smelt at a letterbox, the mat is burnt.", "Shed on fire, neighbour saw it lit.",
    ),
    "Anti-social behaviour": (
        "Group of about eight being loud in the play area.", "Off-road bikes being ridden across the park.",
        "Loud music from a flat, the third night running.", "Youths throwing eggs at windows.",
    ),
    "Public order": (
        "Man shouting abuse at people passing by.", "Drunk group refusing to leave a takeaway, threatening staff.",
        "Crowd gathering outside a bar, tempers rising.", "Driver and cyclist squaring up to each other in the road.",
    ),
    "Hate crime": (
        "Caller was shouted at about his religion at a bus stop.", "Abusive words about race painted on a garage door.",
        "Couple followed and abused for holding hands.", "Caller, who uses a wheelchair, is mocked by the same youths each day.",
    ),
    "Drugs": (
        "People coming and going at a flat at all hours, strong smell of cannabis.", "Deal seen from a parked car by the school.",
        "Landlord has found a room of cannabis plants.", "Small bags and scales found in a stairwell.",
    ),
    "Weapons": (
        "Youth seen with a large knife in his waistband.", "Man carrying what looks like a handgun towards the shops.",
        "Kitchen knife found hidden in a hedge by a play area.", "Man waving a metal bar at people outside a shop.",
    ),
    "Concern for safety": (
        "Elderly neighbour not seen for two days, curtains drawn.", "Carer gets no answer at the door, the key is inside.",
        "Man slumped in a doorway, not answering.", "Caller has not heard from her sister since yesterday, out of character.",
    ),
    "Mental health": (
        "Man on the wrong side of a bridge's railing, talking to a passer-by.", "Caller hears voices and says he can't stay safe tonight.",
        "Patient has walked out of a ward before being assessed.", "Woman distressed in the road, not making sense.",
    ),
    "Missing person": (
        "Son, 15, not home from school, phone off.", "Resident not back at the care home since the afternoon.",
        "Husband left on foot without his medicine, no note.", "Placement reports a girl, 14, out past her time, with an older friend.",
    ),
    "Abandoned 999": (
        "Call dropped after a scream, no answer on ringing back.", "Open line, voices and a television, nobody speaks.",
        "Silent call, no key pressed when asked.", "Child's voice, then cut off, number rings out.",
    ),
    "Collision injury": (
        "Two cars head-on, one driver is trapped.", "Cyclist knocked off at a roundabout, holding her leg.",
        "Pedestrian hit on a crossing, ambulance on the way.", "Motorcyclist down on a bend, conscious.",
    ),
    "Collision damage": (
        "Two cars touched at a junction, no one hurt, drivers arguing.", "Parked car hit, the other driver didn't stop.",
        "Van into a wall, driver out and well.", "Lorry has taken a mirror off in a narrow lane and gone on.",
    ),
    "Highway disruption": (
        "Car broken down on a bend, no lights.", "Cattle loose on the road.",
        "Tree down across both lanes.", "Load shed across the carriageway, cars swerving round it.",
    ),
    "Suspicious circumstances": (
        "Torchlight in an empty house.", "Man looking into gardens along the row.",
        "Van driving slowly round the estate for the third time, no plates.", "Door of the village hall standing open, no lights on.",
    ),
    "Alarm": (
        "Intruder alarm, two sensors, keyholder on the way.", "Panic alarm pressed at a shop, no answer on the phone.",
        "Alarm company reports a door contact at a school.", "Bell sounding at a closed bank, nothing to be seen from the street.",
    ),
    "Fraud": (
        "Caller gave her card to a courier said to be from the bank.", "Money sent for a car that doesn't exist.",
        "Caller told by phone to move his savings to a safe account.", "Taxi not paid, passenger ran off.",
    ),
    "Civil dispute": (
        "Neighbours at odds over a fence, voices raised.", "Father brings the children back late, mother wants it noted.",
        "Tenant says the landlord has changed the locks.", "Builder and customer in dispute over a bill.",
    ),
    "Other": (
        "Caller asks for advice about a lost passport.", "Wallet handed in by a passer-by.",
        "Dog loose near the shops, no owner about.", "Old shell case found in a loft.",
    ),
}  # fmt: skip
"""By incident type."""
