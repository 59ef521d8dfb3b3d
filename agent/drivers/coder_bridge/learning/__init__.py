"""How a site's Coder Bridge is learned: experiments, questions, proofs, as generators without I/O."""
