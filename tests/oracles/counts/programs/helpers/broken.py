before = 1
after = before // 0
never = 2
