"""Indented by tabs, with semicolons at ends."""


def f(x):
	if x:
		y = x;
		for i in range(2):
			y += i; y += 1;
		return y;
	else:
	        return 0


if f(1):
	print(f(0), f(2));
