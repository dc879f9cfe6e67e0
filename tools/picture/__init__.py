"""What a stack declares, as a picture: read from the recorded graph, laid out, written as SVG and Mermaid."""
