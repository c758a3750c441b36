"""[CLS] or the mean?."""

from lib.ui import choices, parts, readings

parts.open_page(5, "use", "[CLS] or the mean?", "A lead of two sentences. It comes later.")
reading = readings.yours()
layer = choices.pick("Layer", range(reading.layers + 1), key="pooling_layer", default=reading.layers, form="slider")
parts.say(f"{reading.hidden_states.shape} at layer {layer}", key="x")
