arguments evil.py
source ../very/long/path/that/goes/on/and/on/名前が長いファイル.py
| def 計算(値): return 値 * "日本語" + f(値) # コメント
def 計算 ../very/long/path/that/goes/on/and/on/名前が長いファイル.py 1
sample MainThread holds_gil x30 : 計算 ../very/long/path/that/goes/on/and/on/名前が長いファイル.py:1 {値 * "日本語"}
sample MainThread holds_gil x20 : 計算 ../very/long/path/that/goes/on/and/on/名前が長いファイル.py:1 {f(値)}
sample MainThread holds_gil x10 : 計算 ../very/long/path/that/goes/on/and/on/名前が長いファイル.py:1 {#2 値}
sample MainThread holds_gil x25 : [31mred]0;title evil.py:1
sample MainThread holds_gil x15 : ‮desrever evil.py:3
sample MainThread holds_gil x12 : שלום evil.py:4
sample MainThread holds_gil x11 : 👩‍🚀family evil.py:5
sample MainThread holds_gil x9 : a_name_that_is_so_long_that_no_terminal_on_earth_could_ever_show_it_in_full_without_breaking_the_line evil.py:6
sample MainThread holds_gil x8 : <frames-not-read> - ; tail evil.py:7
