"""What the sources say: protocols, guidance, sources, products, markers, precautions, policies.

The YAML under `data/` is the original; it is compiled to one JSON file, which is what runs. Nothing here decides
anything about a patient.
"""
