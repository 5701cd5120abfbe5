"""The calls of PROTOCOL.md, sections 4 to 6, on the types of the ledger."""

import asyncio
import os
import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from ledger import RECOVERABLE, TYPES, Accepted, ProviderError
from wire import CallFailed, UnknownCall, Wire

NAME, NAMESPACE, VERSION, PROTOCOL = "ledger", "Ledger", "1.0.0", 1
MAX_CONCURRENT = 64

threads = ThreadPoolExecutor(MAX_CONCURRENT)
settings = None  # None until the handshake
under_way = {}  # Operations by their id: the Waiting ones, and None for one that is being answered or watched


@dataclass
class Waiting:
    """An operation that has reported this progress and waits for its Watch."""

    progress: dict
    rest: object


def configure(wire, wanted):
    global settings
    settings, wire.log_level = wanted, wanted["logLevel"]


def handshake(wire, payload):
    def refuse(message):
        raise CallFailed("HandshakeRefused", message=message)

    if not isinstance(payload, dict) or payload.get("cookie") != os.environ["FORMAE_NETWORK_COOKIE"]:
        refuse("The cookie is not the one of this launch: only the agent that started it may use it")
    try:
        lowest, highest = payload["protocol"]["min"], payload["protocol"]["max"]
        if not lowest <= PROTOCOL <= highest:
            who = "the agent" if highest < PROTOCOL else "the plugin Ledger"
            refuse(f"The plugin speaks protocol {PROTOCOL}, the agent {lowest} to {highest}: upgrade {who}")
        if settings is not None:
            refuse("This launch has had its handshake already")
        if payload.get("config"):
            names = ", ".join(payload["config"])
            refuse(f"The plugin Ledger has no settings, and was given {names}: take them out of its configuration")
        configure(wire, payload["settings"])
    except (KeyError, TypeError) as error:
        refuse(f"The handshake cannot be read: {error}")
    return {
        "protocol": PROTOCOL, "name": NAME, "namespace": NAMESPACE, "version": VERSION,
        "node": os.environ["FORMAE_PLUGIN_NODE"], "cookie": os.environ["FORMAE_NETWORK_COOKIE"],
        "pid": os.getpid(), "types": [type.capabilities() for type in TYPES.values()],
    }  # fmt: skip


async def provider(work, request, settings):
    """Makes one call of the provider, in a thread so that pings are still answered. Raises only ProviderError."""
    call = asyncio.get_running_loop().run_in_executor(threads, work, request)
    # Not wait_for, which can lose an interruption before Python 3.12.
    await asyncio.wait({call}, timeout=settings["callTimeoutMillis"] / 1000)
    if not call.done():
        raise ProviderError("ServiceTimeout", "The ledger did not answer in time")
    try:
        return call.result()
    except ProviderError:
        raise
    except Exception as mistake:
        raise ProviderError("UnforeseenError", repr(mistake)) from mistake


def backoff(retries, retry):
    return min(retry["baseMillis"] * 2**retries, retry["capMillis"]) * random.uniform(0.8, 1.2) / 1000


async def ask(work, request):
    """Makes a call that changes nothing, again and again after a failure that may pass."""
    own, retries = settings, 0
    while True:
        try:
            return await provider(work, request, own)
        except ProviderError as error:
            if error.code not in RECOVERABLE or retries >= own["retry"]["maxRetries"]:
                raise
        await asyncio.sleep(backoff(retries, own["retry"]))
        retries += 1


async def perform(wire, tag, type, request):
    """Runs an operation from its first call to its end and yields each progress. It waits while it is not watched."""
    work, attempts, retries = getattr(type, tag.lower()), int(tag != "Status"), 0
    # What is known of accepted work, and whether it was the last thing that was reported.
    known, is_news = {}, True
    # Configure changes the settings of later operations only.
    own = settings
    delay = own["poll"]["baseMillis"]
    while True:
        try:
            answer = await provider(work, request, own)
        except ProviderError as error:
            wire.log("Debug", f"{tag} of {request['label']}: {error.code}", request["operationId"])
            failure = {"code": error.code, "message": error.message}
            is_end = tag == "Read" and error.code == "NotFound"
            if tag == "Delete" and error.code == "NotFound":
                yield {"status": "Succeeded", "attempts": attempts, "nativeId": request["nativeId"], "properties": {}}
                return
            if is_end or error.code not in RECOVERABLE or retries >= own["retry"]["maxRetries"]:
                native_id = {"nativeId": known["nativeId"]} if known else {}
                yield {"status": "Failed", "attempts": attempts, "failure": failure, **native_id}
                return
            yield {"status": "InProgress", "attempts": attempts, "failure": failure, **known}
            is_news = True
            await asyncio.sleep(backoff(retries, own["retry"]))
            retries += 1
            # Once the work is accepted, only the status call is repeated.
            attempts += int(work != type.status)
            continue
        if not isinstance(answer, Accepted):
            done = {"nativeId": answer.native_id, "properties": answer.properties}
            yield {"status": "Succeeded", "attempts": attempts, **done}
            return
        # A poll that was answered ends a row of failed ones.
        retries = 0
        if known != (known := {"requestId": answer.request_id, "nativeId": answer.native_id}) or is_news:
            yield {"status": "InProgress", "attempts": attempts, **known}
        is_news = False
        work, request = type.status, {**request, **known}
        await asyncio.sleep(delay / 1000)
        delay = min(delay * own["poll"]["factor"], own["poll"]["capMillis"])


async def watch(wire, request):
    operation_id = request["payload"]["operationId"]
    waiting = under_way.get(operation_id)
    if waiting is None:
        raise CallFailed("ProtocolError", message="There is no such operation to watch")
    under_way[operation_id] = None
    try:
        async for progress in waiting.rest:
            await wire.chunk(request, progress)
    finally:
        del under_way[operation_id]


async def start(wire, tag, type, request):
    """The first progress of an operation. The rest of it is for Watch."""
    operation_id = request["operationId"]
    if operation_id in under_way:
        waiting = under_way[operation_id]
        if waiting is None:
            raise CallFailed("ProtocolError", message=f"The operation {operation_id} is under way already")
        return waiting.progress
    under_way[operation_id] = None
    try:
        rest = perform(wire, tag, type, request)
        progress = await rest.__anext__()
        if progress["status"] == "InProgress":
            under_way[operation_id] = Waiting(progress, rest)
        return progress
    finally:
        if under_way[operation_id] is None:
            del under_way[operation_id]


async def answer(wire, request):
    tag, payload = request["tag"], request.get("payload")
    if tag == "Handshake":
        return handshake(wire, payload)
    if settings is None:
        raise CallFailed("ProtocolError", message="The first call must be the Handshake")
    if tag == "Configure":
        return configure(wire, payload)
    if tag == "Watch":
        return await watch(wire, request)
    if tag not in ("Create", "Read", "Update", "Delete", "Status", "Recover", "List"):
        raise UnknownCall(tag)
    type = TYPES.get(payload["resourceType"])
    if type is None:
        message = f"The plugin Ledger has no type {payload['resourceType']}"
        raise CallFailed("OperationNotSupported", operation=tag, message=message)
    if tag == "Recover":
        try:
            return await ask(type.recover, payload)
        except ProviderError as error:
            return {"status": "Unknown", "message": f"{error.code}: {error.message}"}
    if tag == "List":
        size = payload.get("pageSize", 1)
        if isinstance(size, bool) or not isinstance(size, int) or not 1 <= size <= 1000:
            raise ValueError("pageSize: is not a number from 1 to 1000")
        try:
            return await ask(type.list, payload)
        except ProviderError as error:
            raise CallFailed("ListFailed", failure={"code": error.code, "message": error.message}) from error
    if tag != "Read":
        return await start(wire, tag, type, payload)
    # A read has one answer.
    async for progress in perform(wire, tag, type, payload):
        if progress["status"] != "InProgress":
            return progress


if __name__ == "__main__":
    asyncio.run(Wire(answer).serve())
