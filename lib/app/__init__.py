"""The only folder of lib that speaks Streamlit: choices, readings, links, the parts of a page, components."""
