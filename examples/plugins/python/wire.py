"""The wire of PROTOCOL.md, sections 2 and 3: lines, frames, and the calls in flight. It does not know what they mean."""

import asyncio
import json
import os
import signal
import sys
import threading

LEVELS = ("Debug", "Info", "Warn", "Error")
NO_COOKIE = 64
MAX_FRAME_BYTES = 16 * 1024 * 1024
MAX_ID = 2**53 - 1


class CallFailed(Exception):
    """One of the errors of a call, as the object that crosses the wire."""

    def __init__(self, tag, **fields):
        super().__init__(tag)
        self.error = {"_tag": tag, **fields}


class UnknownCall(Exception):
    pass


class Wire:
    def __init__(self, answer):
        """`answer(wire, request)` is a coroutine that returns the value of a call, or raises."""
        self.answer = answer
        self.log_level = "Info"
        self.calls = {}  # The task of each call in flight, by request id
        self.acks = {}  # An event for each call that streams, set when the agent has taken its last chunk
        # Frames go out on a descriptor of their own, so everything that this process prints is log.
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
        # The newline in front ends a line that something else may have left half written.
        self.out.write(f"\n{encode(frame)}\n".encode())
        self.out.flush()

    async def chunk(self, request, value):
        """Sends one value of a call that streams, and waits until the agent has taken it."""
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
            self.log("Error", f"{request.get('tag')}: {mistake!r}")
            return failure({"_tag": "Die", "defect": f"{type(mistake).__name__}: {mistake}"})

    def begin(self, request):
        def ended(call):
            self.calls.pop(request["id"], None)
            self.acks.pop(request["id"], None)
            exit = failure({"_tag": "Interrupt", "fiberId": None}) if call.cancelled() else call.result()
            try:
                self.send({"_tag": "Exit", "requestId": request["id"], "exit": exit})
            except ValueError as unsendable:
                exit = failure({"_tag": "Die", "defect": str(unsendable)})
                self.send({"_tag": "Exit", "requestId": request["id"], "exit": exit})

        self.calls[request["id"]] = asyncio.ensure_future(self.call(request))
        self.calls[request["id"]].add_done_callback(ended)

    def take(self, line):
        """Takes one line from the agent. A line that is not a frame is not shown, because it may hold secrets."""
        frame = parse(line)
        tag, request_id = frame.get("_tag"), frame.get("requestId")
        if tag == "Request":
            # An answer to a second request under the id of a call in flight would end that call.
            if frame["id"] not in self.calls:
                self.begin(frame)
        elif tag == "Interrupt" and request_id in self.calls:
            # After its first step, because a Watch that never began would leave its operation waiting.
            asyncio.get_running_loop().call_soon(self.calls[request_id].cancel)
        elif tag == "Ack" and request_id in self.acks:
            self.acks[request_id].set()
        elif tag == "Ping":
            self.send({"_tag": "Pong"})
        elif tag is None and line.strip():
            self.log("Warn", f"A line of {len(line)} bytes on stdin is not a frame")

    async def serve(self):
        if "FORMAE_NETWORK_COOKIE" not in os.environ:
            sys.stderr.write("This is a plugin of formae. It is started by the formae agent, not by hand\n")
            sys.exit(NO_COOKIE)
        loop, ended = asyncio.get_running_loop(), asyncio.Event()
        loop.add_signal_handler(signal.SIGTERM, ended.set)

        def read():
            for line in sys.stdin.buffer:
                loop.call_soon_threadsafe(self.take, line)
            loop.call_soon_threadsafe(ended.set)

        threading.Thread(target=read, daemon=True).start()
        await ended.wait()
        # The agent has no more work for this plugin, or is dead. Calls in flight have half a second.
        if self.calls:
            await asyncio.wait([*self.calls.values()], timeout=0.5)
            # The answer of a call is sent by a callback that the loop runs after the call.
            await asyncio.sleep(0)
        # At once, although a call or a thread may still wait for something.
        os._exit(0)


def encode(frame):
    """Raises ValueError for what may not be sent: NaN and Infinity, and a frame that is too large."""
    line = json.dumps(frame, allow_nan=False)
    # Everything else is escaped, so each character is one byte.
    if len(line) > MAX_FRAME_BYTES:
        raise ValueError(f"The answer is larger than a frame may be ({MAX_FRAME_BYTES} bytes)")
    return line


def failure(cause):
    return {"_tag": "Failure", "cause": [cause]}


REQUIRED = {"Request": "id", "Ack": "requestId", "Interrupt": "requestId"}


def parse(line):
    """The frame in a line, or an empty dict if there is none."""
    try:
        frame = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return {}
    if not isinstance(frame, dict) or frame.get("_tag") not in (*REQUIRED, "Ping", "Eof"):
        return {}
    required = REQUIRED.get(frame["_tag"])
    return frame if required is None or is_id(frame.get(required)) else {}


def is_id(value):
    return isinstance(value, str) or (type(value) is int and 0 <= value <= MAX_ID)
