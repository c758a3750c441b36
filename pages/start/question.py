"""One seat, in front of your words."""

from lib.ui import choices, parts, readings

parts.open_page(0, "start", "One seat, in front of your words", "A lead of two sentences. It comes later.")
reading = readings.yours()
layer = choices.pick("Layer", range(reading.layers + 1), key="question_layer", default=reading.layers, form="slider")
parts.say(f"{reading.hidden_states.shape} at layer {layer}", key="x")
