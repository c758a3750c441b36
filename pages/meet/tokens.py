"""Your text, as the model gets it."""

from lib.ui import choices, parts, readings

parts.open_page(1, "meet", "Your text, as the model gets it", "A lead of two sentences. It comes later.")
reading = readings.yours()
layer = choices.pick("Layer", range(reading.layers + 1), key="tokens_layer", default=reading.layers, form="slider")
parts.say(f"{reading.hidden_states.shape} at layer {layer}", key="x")
