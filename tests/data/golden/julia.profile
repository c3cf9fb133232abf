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
sample MainThread holds_gil x4 : <module> julia.py:18 {main()} ; main julia.py:15 {grid()}
sample MainThread holds_gil x190 : <module> julia.py:18 {main()} ; main julia.py:16 {julia(300, zs, cs)} ; julia julia.py:8 {abs(z)}
sample MainThread holds_gil x120 : <module> julia.py:18 {main()} ; main julia.py:16 {julia(300, zs, cs)} ; julia julia.py:8 {abs(z) < 2}
sample MainThread holds_gil x60 : <module> julia.py:18 {main()} ; main julia.py:16 {julia(300, zs, cs)} ; julia julia.py:8 {n < maxiter}
sample MainThread holds_gil x24 : <module> julia.py:18 {main()} ; main julia.py:16 {julia(300, zs, cs)} ; julia julia.py:8 {maxiter}
sample MainThread holds_gil x43 : <module> julia.py:18 {main()} ; main julia.py:16 {julia(300, zs, cs)} ; julia julia.py:8
sample MainThread holds_gil x170 : <module> julia.py:18 {main()} ; main julia.py:16 {julia(300, zs, cs)} ; julia julia.py:9 {z * z}
sample MainThread holds_gil x100 : <module> julia.py:18 {main()} ; main julia.py:16 {julia(300, zs, cs)} ; julia julia.py:9 {z * z + c}
sample MainThread holds_gil x90 : <module> julia.py:18 {main()} ; main julia.py:16 {julia(300, zs, cs)} ; julia julia.py:9 {z}
sample MainThread holds_gil x150 : <module> julia.py:18 {main()} ; main julia.py:16 {julia(300, zs, cs)} ; julia julia.py:10 {n += 1}
sample MainThread holds_gil x20 gc : <module> julia.py:18 {main()} ; main julia.py:16 {julia(300, zs, cs)} ; julia julia.py:10 {n += 1}
sample MainThread holds_gil x24 : <module> julia.py:18 {main()} ; main julia.py:16 {julia(300, zs, cs)} ; julia julia.py:11 {output[i]}
sample MainThread blocked x5 call=read : <module> julia.py:18 {main()} ; main julia.py:16 {print(sum(julia(300, zs, cs)))}
lost late 1
end user=992ms system=8ms sweeps=1001 stops=12 held=100us stop_cost=8us profiler=21ms
