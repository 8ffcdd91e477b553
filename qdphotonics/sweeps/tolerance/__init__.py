"""How well a device must be made: drawn devices, first order, what each error does, the yield."""
