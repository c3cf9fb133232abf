"""A crawler and the site it crawls, in one asyncio program.

A small server on this machine serves pages that link to each other as a
binary tree.  Workers fetch pages over real connections, parse them, and put
the links that they find on a queue.  Each step awaits the next one
(work -> visit -> fetch -> request -> read), so a profile of the tasks shows
chains of `await`; most of the wall time is spent waiting in the event loop, and the
time that is really used goes into parsing.

    python3 examples/asyncio_pipeline.py          # 2 000 pages
    python3 examples/asyncio_pipeline.py 100      # 100 pages
"""

import asyncio
import re
import sys

WORKERS = 8
LINK = re.compile(r'href="/(\d+)"')


def make_page(number, pages):
    """Page `number` of the site: its children in the tree, and some text."""
    children = [child for child in (2 * number + 1, 2 * number + 2) if child < pages]
    links = "".join(f'<a href="/{child}">page {child}</a>\n' for child in children)
    text = " ".join(f"word{number * i % 97}" for i in range(200))
    return f"<html><body>\n{links}<p>{text}</p></body></html>\n"


async def serve(reader, writer, pages):
    """Answers one request of one connection, then closes it."""
    request = await reader.readline()
    number = int(request.split()[1].lstrip(b"/"))
    body = make_page(number, pages).encode()
    writer.write(b"%d\n" % len(body))
    writer.write(body)
    await writer.drain()
    writer.close()


class Crawler:
    """Visits every page that can be reached from page 0, each once."""

    def __init__(self, port):
        self.port = port
        self.queue = asyncio.Queue()
        self.visited = set()
        self.words = 0

    async def crawl(self):
        self.queue.put_nowait(0)
        self.visited.add(0)
        tasks = [asyncio.ensure_future(self.work()) for _ in range(WORKERS)]
        joined = asyncio.ensure_future(self.queue.join())
        # A worker never ends by itself: if one is done, it has failed.
        await asyncio.wait(tasks + [joined], return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            if task.done():
                task.result()
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        joined.cancel()

    async def work(self):
        while True:
            number = await self.queue.get()
            await self.visit(number)
            self.queue.task_done()

    async def visit(self, number):
        page = await self.fetch(number)
        links, words = self.parse(page)
        self.words += words
        for link in links:
            if link not in self.visited:
                self.visited.add(link)
                self.queue.put_nowait(link)

    async def fetch(self, number):
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            return await self.request(reader, writer, number)
        finally:
            writer.close()

    async def request(self, reader, writer, number):
        writer.write(b"GET /%d\n" % number)
        await writer.drain()
        return await self.read_body(reader)

    async def read_body(self, reader):
        length = int(await reader.readline())
        return (await reader.readexactly(length)).decode()

    def parse(self, page):
        """The links of a page and the number of its words: the only real work."""
        links = [int(number) for number in LINK.findall(page)]
        words = sum(1 for word in re.split(r"[^a-z0-9]+", page) if word.startswith("word"))
        return links, words


async def crawl_site(pages):
    server = await asyncio.start_server(
        lambda reader, writer: serve(reader, writer, pages), "127.0.0.1", 0
    )
    crawler = Crawler(server.sockets[0].getsockname()[1])
    try:
        await crawler.crawl()
    finally:
        server.close()
        await server.wait_closed()
    return crawler


def main(arguments):
    if len(arguments) > 1 or not all(a.isdigit() and int(a) > 0 for a in arguments):
        print("usage: asyncio_pipeline.py [PAGES]   (a whole number, such as 100)", file=sys.stderr)
        return 2
    pages = int(arguments[0]) if arguments else 2000
    crawler = asyncio.run(crawl_site(pages))
    print(f"Pages visited: {len(crawler.visited)}, words read: {crawler.words}")
    if crawler.visited != set(range(pages)) or crawler.words != 200 * pages:
        print(f"There are {pages} pages with {200 * pages} words.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
