"""The best design between bounds and under conditions: local searches by exact gradients from many starts, counts, grids, fronts."""
