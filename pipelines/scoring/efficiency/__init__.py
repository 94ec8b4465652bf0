"""How much comes out for what goes in: frontiers, productivity. Real unit costs are in deflate and explain.unit_cost."""
