python 3.13.0
arguments julia.py
source julia.py
| def julia(maxiter, zs, cs):
|     """Count the updates of each point."""
|     output = [0] * len(zs)
|     for i in range(len(zs)):
|         n = 0
|         z = zs[i]
|         c = cs[i]
|         while abs(z) < 2 and n < maxiter:
|             z = z * z + c
|             n += 1
|         output[i] = n
|     return output
|
| def main():
|     zs, cs = grid()
|     print(sum(julia(300, zs, cs)))
|
| main()
def julia julia.py 1
def main julia.py 14
sample MainThread holds_gil x40 : <module> julia.py:18 {main()} ; main julia.py:15 {grid()}
sample MainThread holds_gil x1900 : <module> julia.py:18 {main()} ; main julia.py:16 {julia(300, zs, cs)} ; julia julia.py:8 {abs(z)}
sample MainThread holds_gil x1200 : <module> julia.py:18 {main()} ; main julia.py:16 {julia(300, zs, cs)} ; julia julia.py:8 {abs(z) < 2}
sample MainThread holds_gil x600 : <module> julia.py:18 {main()} ; main julia.py:16 {julia(300, zs, cs)} ; julia julia.py:8 {n < maxiter}
sample MainThread holds_gil x240 : <module> julia.py:18 {main()} ; main julia.py:16 {julia(300, zs, cs)} ; julia julia.py:8 {maxiter}
sample MainThread holds_gil x430 : <module> julia.py:18 {main()} ; main julia.py:16 {julia(300, zs, cs)} ; julia julia.py:8
sample MainThread holds_gil x1700 : <module> julia.py:18 {main()} ; main julia.py:16 {julia(300, zs, cs)} ; julia julia.py:9 {z * z}
sample MainThread holds_gil x1000 : <module> julia.py:18 {main()} ; main julia.py:16 {julia(300, zs, cs)} ; julia julia.py:9 {z * z + c}
sample MainThread holds_gil x900 : <module> julia.py:18 {main()} ; main julia.py:16 {julia(300, zs, cs)} ; julia julia.py:9 {z}
sample MainThread holds_gil x1500 : <module> julia.py:18 {main()} ; main julia.py:16 {julia(300, zs, cs)} ; julia julia.py:10 {n += 1}
sample MainThread holds_gil x200 gc : <module> julia.py:18 {main()} ; main julia.py:16 {julia(300, zs, cs)} ; julia julia.py:10 {n += 1}
sample MainThread holds_gil x240 : <module> julia.py:18 {main()} ; main julia.py:16 {julia(300, zs, cs)} ; julia julia.py:11 {output[i]}
sample MainThread blocked x50 call=read : <module> julia.py:18 {main()} ; main julia.py:16 {print(sum(julia(300, zs, cs)))}
lost late 1
end user=992ms system=8ms sweeps=1001 stops=12 held=100us stop_cost=8us profiler=21ms
