"""What is shown: context and signals become neutral components, one file a section."""
