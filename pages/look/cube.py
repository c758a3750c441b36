"""The output is a cube."""

from lib.ui import choices, parts, readings

parts.open_page(2, "look", "The output is a cube", "A lead of two sentences. It comes later.")
reading = readings.yours()
layer = choices.pick("Layer", range(reading.layers + 1), key="cube_layer", default=reading.layers, form="slider")
parts.say(f"{reading.hidden_states.shape} at layer {layer}", key="x")
