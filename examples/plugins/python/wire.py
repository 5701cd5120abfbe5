"""The wire of PROTOCOL.md, sections 2 and 3: lines, frames, and the calls in flight. It knows no call by name."""

import asyncio
import json
import os
import signal
import sys
import threading

LEVELS = ("Debug", "Info", "Warn", "Error")
NO_COOKIE = 64


class CallFailed(Exception):
    """One of the errors of a call, as the object that crosses the wire."""

    def __init__(self, tag, **fields):
        super().__init__(tag)
        self.error = {"_tag": tag, **fields}


class UnknownCall(Exception):
    pass


class Wire:
    def __init__(self, answer):
        """`answer(wire, request)` is a coroutine: it returns the value of a call, or raises."""
        self.answer = answer
        self.log_level = "Info"
        self.calls = {}  # The task of each call in flight, by request id
        self.acks = {}  # Set when the agent has taken the last chunk of a call
        # What anything in this process prints is log: frames go out on a descriptor of their own.
        self.out = os.fdopen(os.dup(1), "wb")
        os.dup2(2, 1)
        os.set_blocking(self.out.fileno(), True)

    def log(self, level, message, operation_id=None):
        if LEVELS.index(level) >= LEVELS.index(self.log_level):
            record = {"_log": 1, "level": level, "message": message}
            if operation_id is not None:
                record["operationId"] = operation_id
            os.write(2, f"\n{json.dumps(record)}\n".encode())

    def send(self, frame):
        # The newline in front ends whatever something else may have left half written.
        self.out.write(f"\n{json.dumps(frame)}\n".encode())
        self.out.flush()

    async def chunk(self, request, value):
        """One value of a call that streams. The next one has to wait until the agent has taken it."""
        ack = self.acks[request["id"]] = asyncio.Event()
        self.send({"_tag": "Chunk", "requestId": request["id"], "values": [value]})
        await ack.wait()

    async def call(self, request):
        try:
            return {"_tag": "Success", "value": await self.answer(self, request)}
        except CallFailed as failed:
            return failure({"_tag": "Fail", "error": failed.error})
        except UnknownCall as unknown:
            return failure({"_tag": "Die", "defect": f"Unknown request tag: {unknown}"})
        except Exception as mistake:
            self.log("Error", f"{request['tag']}: {mistake!r}")
            return failure({"_tag": "Die", "defect": f"{type(mistake).__name__}: {mistake}"})

    def begin(self, request):
        def ended(call):
            self.calls.pop(request["id"], None)
            self.acks.pop(request["id"], None)
            exit = failure({"_tag": "Interrupt", "fiberId": None}) if call.cancelled() else call.result()
            self.send({"_tag": "Exit", "requestId": request["id"], "exit": exit})

        self.calls[request["id"]] = asyncio.ensure_future(self.call(request))
        self.calls[request["id"]].add_done_callback(ended)

    def take(self, line):
        """One line from the agent. What is no frame is not shown, for it may hold secrets."""
        frame = parse(line)
        tag, about = frame.get("_tag"), frame.get("requestId")
        if tag == "Request":
            self.begin(frame)
        elif tag == "Interrupt" and about in self.calls:
            self.calls[about].cancel()
        elif tag == "Ack" and about in self.acks:
            self.acks[about].set()
        elif tag == "Ping":
            self.send({"_tag": "Pong"})
        elif tag is None and line.strip():
            self.log("Warn", f"A line of {len(line)} bytes on stdin is no frame")

    async def serve(self):
        if "FORMAE_NETWORK_COOKIE" not in os.environ:
            sys.stderr.write("This is a plugin of formae: it is started by the agent, and not by hand\n")
            sys.exit(NO_COOKIE)
        loop, ended = asyncio.get_running_loop(), asyncio.Event()
        loop.add_signal_handler(signal.SIGTERM, ended.set)

        def read():
            for line in sys.stdin.buffer:
                loop.call_soon_threadsafe(self.take, line)
            loop.call_soon_threadsafe(ended.set)

        threading.Thread(target=read, daemon=True).start()
        await ended.wait()
        # The agent is done with this plugin, or dead. What is in flight has half a second.
        if self.calls:
            await asyncio.wait([*self.calls.values()], timeout=0.5)
            # The answer of a call is sent by what comes after it in the loop.
            await asyncio.sleep(0)
        # At once, whatever a call or a thread still waits for.
        os._exit(0)


def failure(cause):
    return {"_tag": "Failure", "cause": [cause]}


NEEDS = {"Request": "id", "Ack": "requestId", "Interrupt": "requestId"}


def parse(line):
    """The frame in a line, or an empty object."""
    try:
        frame = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return {}
    if not isinstance(frame, dict) or frame.get("_tag") not in (*NEEDS, "Ping", "Eof"):
        return {}
    needed = NEEDS.get(frame["_tag"])
    is_whole = needed is None or type(frame.get(needed)) in (int, float, str)
    return frame if is_whole and (needed != "id" or isinstance(frame.get("tag"), str)) else {}
