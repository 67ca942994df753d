"""Models behind the course's simulations, one pure function of parameters and a seed in each module.

Import a model by its module: ``from improvement.simulate import trilogy``. Each module exports its equations in
its docstring, and ``ASSUMPTIONS`` and ``CANNOT_TELL`` as tuples of sentences that the widgets print. All of them
are illustrations: none is evidence about a real service.
"""
