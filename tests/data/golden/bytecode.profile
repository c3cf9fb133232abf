arguments app.py
python 3.13.0
source app.py
| def escape(z, c, n):
|     while n and abs(z) < 2:
|         z = z * z + c
|     return z
|
| class Sum:
|     def total(values):
|         total = 0
|         for value in values:
|             total = total + value
|         return total
def escape app.py 1
names escape app.py abs
variables escape app.py z c n
constants escape app.py None 2
bytecode escape app.py RESUME 0 / LOAD_FAST 2 / TO_BOOL / POP_JUMP_IF_FALSE 24 / LOAD_GLOBAL 1 / LOAD_FAST 0 / CALL 1 / LOAD_CONST 1 / COMPARE_OP 18 / POP_JUMP_IF_FALSE 9 / LOAD_FAST_LOAD_FAST 0 / BINARY_OP 5 / LOAD_FAST 1 / BINARY_OP 0 / STORE_FAST 0 / JUMP_BACKWARD 31 / LOAD_FAST 0 / RETURN_VALUE
lines escape app.py 0:1 2:2 46:3 60:2 64:4
state escape app.py t=2ms RESUME_CHECK 0 / LOAD_FAST 2 / TO_BOOL_INT / POP_JUMP_IF_FALSE 24 / LOAD_GLOBAL_BUILTIN 1 / LOAD_FAST 0 / CALL_BUILTIN_O 1 / LOAD_CONST 1 / COMPARE_OP 18 ~12 / POP_JUMP_IF_FALSE 9 / LOAD_FAST_LOAD_FAST 0 / BINARY_OP 5 ~12 / LOAD_FAST 1 / BINARY_OP 0 ~3 / STORE_FAST 0 / JUMP_BACKWARD 31 / LOAD_FAST 0 / RETURN_VALUE
def Sum.total app.py 7
variables Sum.total app.py values total value
constants Sum.total app.py None 0
bytecode Sum.total app.py RESUME 0 / LOAD_CONST 1 / STORE_FAST 1 / LOAD_FAST 0 / GET_ITER / FOR_ITER 7 / STORE_FAST_LOAD_FAST 33 / LOAD_FAST 2 / BINARY_OP 0 / STORE_FAST 1 / JUMP_BACKWARD 9 / END_FOR / POP_TOP / LOAD_FAST 1 / RETURN_VALUE
lines Sum.total app.py 0:7 2:8 6:9 16:10 28:9 32:11
state Sum.total app.py t=100ms RESUME_CHECK 0 / LOAD_CONST 1 / STORE_FAST 1 / LOAD_FAST 0 / GET_ITER / FOR_ITER_LIST 7 / STORE_FAST_LOAD_FAST 33 / LOAD_FAST 2 / BINARY_OP_ADD_INT 0 / STORE_FAST 1 / JUMP_BACKWARD 9 / END_FOR / POP_TOP / LOAD_FAST 1 / RETURN_VALUE
state Sum.total app.py t=140ms RESUME_CHECK 0 / LOAD_CONST 1 / STORE_FAST 1 / LOAD_FAST 0 / GET_ITER / FOR_ITER_LIST 7 / STORE_FAST_LOAD_FAST 33 / LOAD_FAST 2 / BINARY_OP_ADD_FLOAT 0 / STORE_FAST 1 / JUMP_BACKWARD 9 / END_FOR / POP_TOP / LOAD_FAST 1 / RETURN_VALUE
def <module> app.py 1
bytecode <module> app.py RESUME 0 / RETURN_CONST 0
constants <module> app.py None
sample MainThread holds_gil x40 : <module> app.py:12 ; escape app.py:2 @28 {abs(z)}
sample MainThread holds_gil x25 : <module> app.py:12 ; escape app.py:2 @38 {abs(z) < 2}
sample MainThread holds_gil x20 : <module> app.py:12 ; escape app.py:3 @48 {z * z}
sample MainThread holds_gil x15 : <module> app.py:12 ; escape app.py:3 @54 {z * z + c}
sample MainThread holds_gil x10 : <module> app.py:12 ; Sum.total app.py:9 @12
sample MainThread holds_gil x40 : <module> app.py:12 ; Sum.total app.py:10 @20 {total + value}
sample MainThread holds_gil x60 : <module> app.py:12 ; Sum.total app.py:10 @20 {total + value}
sample MainThread holds_gil x4 : <module> app.py:12 @2
end user=214ms system=0ms sweeps=214 stops=3 held=50us stop_cost=2us profiler=1ms
