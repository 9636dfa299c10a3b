"""How adapters of each method are put beside a base: one file each, named as the method.

Each has `read(model, folder)`, which gives the Injection of an adapter that a run saved.
"""
