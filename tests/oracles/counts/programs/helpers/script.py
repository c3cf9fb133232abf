"""Run by runpy and by exec, under other names."""
if __name__ == "__main__":
    answer = "main"
elif __name__ == "x":
    answer = "x"
else:
    def ask():
        return [n for n in range(3)]
    answer = ask()
