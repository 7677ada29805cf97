"""The closed words of events (contract, section 1). A word is written here and nowhere else."""

from __future__ import annotations

SOURCES = ("this_site", "other_site", "self", "reported")
OMISSION_REASONS = (
    "did_not_attend", "declined", "clinic_cancelled", "withheld", "unavailable", "in_hospital", "forgotten",
)  # fmt: skip
TAKING = ("yes", "partly", "no")
INTENTS = ("scheduled", "additional")
DECISIONS = (
    "advance", "gate_met", "restart", "resume", "stop", "change_interval", "waive", "credit", "reject", "reviewed",
)  # fmt: skip
SYMPTOMS = (
    "tiredness",
    "tingling_or_numbness",
    "balance",
    "memory_or_concentration",
    "mood",
    "stamina",
    "site_reaction",
)
RED_FLAGS = (
    "breathing_difficulty", "facial_swelling", "widespread_hives", "new_walking_difficulty", "new_vision_loss",
    "bladder_or_bowel_change", "palpitations_or_collapse",
)  # fmt: skip
MARKERS = (
    "serum_b12", "holotranscobalamin", "mma", "homocysteine", "haemoglobin", "haematocrit", "mcv", "reticulocytes",
    "reticulocyte_fraction", "platelets", "potassium", "folate", "red_cell_folate", "ferritin", "transferrin_saturation",
    "tissue_transglutaminase_iga", "total_iga", "tsh", "gastrin", "ldh", "phosphate", "intrinsic_factor_antibody",
    "parietal_cell_antibody", "creatinine", "egfr",
)  # fmt: skip
UNKNOWN = "unknown"
