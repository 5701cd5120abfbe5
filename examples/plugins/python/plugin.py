"""The calls of PROTOCOL.md, sections 4 to 6, on the types of the ledger."""

import asyncio
import os
import random
from concurrent.futures import ThreadPoolExecutor

from ledger import RECOVERABLE, TYPES, Accepted, ProviderError
from wire import CallFailed, UnknownCall, Wire

NAME, NAMESPACE, VERSION, PROTOCOL = "ledger", "Ledger", "1.0.0", 1
MAX_CONCURRENT = 64

threads = ThreadPoolExecutor(MAX_CONCURRENT)
settings = None  # None until the handshake
watchable = {}  # Operations that have reported their first progress and wait for their Watch, by operation id


def configure(wire, wanted):
    global settings
    settings, wire.log_level = wanted, wanted["logLevel"]


def handshake(wire, payload):
    def refuse(message):
        raise CallFailed("HandshakeRefused", message=message)

    if not isinstance(payload, dict) or payload.get("cookie") != os.environ["FORMAE_NETWORK_COOKIE"]:
        refuse("The cookie is not the one of this launch: only the agent that started it may use it")
    if settings is not None:
        refuse("This launch has had its handshake already")
    if payload.get("config"):
        names = ", ".join(payload["config"])
        refuse(f"The plugin Ledger has no settings, and was given {names}: take them out of its configuration")
    try:
        lowest, highest = payload["protocol"]["min"], payload["protocol"]["max"]
        if not lowest <= PROTOCOL <= highest:
            who = "the agent" if highest < PROTOCOL else "the plugin Ledger"
            refuse(f"The plugin speaks protocol {PROTOCOL}, the agent {lowest} to {highest}: upgrade {who}")
        configure(wire, payload["settings"])
    except (KeyError, TypeError) as error:
        refuse(f"The handshake cannot be read: {error}")
    return {
        "protocol": PROTOCOL, "name": NAME, "namespace": NAMESPACE, "version": VERSION,
        "node": os.environ["FORMAE_PLUGIN_NODE"], "cookie": os.environ["FORMAE_NETWORK_COOKIE"],
        "pid": os.getpid(), "types": [type.capabilities() for type in TYPES.values()],
    }  # fmt: skip


async def provider(work, request):
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


def backoff(retries):
    retry = settings["retry"]
    return min(retry["baseMillis"] * 2**retries, retry["capMillis"]) * random.uniform(0.8, 1) / 1000


async def perform(wire, tag, type, request):
    """Runs an operation from its first call to its end and yields each progress. It waits while it is not watched."""
    work, attempts, retries, reported = getattr(type, tag.lower()), int(tag != "Status"), 0, {}
    delay = settings["poll"]["baseMillis"]
    while True:
        try:
            answer = await provider(work, request)
        except ProviderError as error:
            wire.log("Debug", f"{tag} of {request['label']}: {error.code}", request["operationId"])
            failure = {"code": error.code, "message": error.message}
            is_end = tag == "Read" and error.code == "NotFound"
            if tag == "Delete" and error.code == "NotFound":
                yield {"status": "Succeeded", "attempts": attempts, "nativeId": request["nativeId"], "properties": {}}
                return
            if is_end or error.code not in RECOVERABLE or retries >= settings["retry"]["maxRetries"]:
                known = {"nativeId": reported["nativeId"]} if reported else {}
                yield {"status": "Failed", "attempts": attempts, "failure": failure, **known}
                return
            yield {"status": "InProgress", "attempts": attempts, "failure": failure}
            await asyncio.sleep(backoff(retries))
            retries += 1
            # Once the work is accepted, only the status call is repeated.
            attempts += int(work != type.status)
            continue
        if not isinstance(answer, Accepted):
            done = {"nativeId": answer.native_id, "properties": answer.properties}
            yield {"status": "Succeeded", "attempts": attempts, **done}
            return
        if reported != (reported := {"requestId": answer.request_id, "nativeId": answer.native_id}):
            yield {"status": "InProgress", "attempts": attempts, **reported}
        work, request = type.status, {**request, **reported}
        await asyncio.sleep(delay / 1000)
        delay = min(delay * settings["poll"]["factor"], settings["poll"]["capMillis"])


async def watch(wire, request):
    operation = watchable.pop(request["payload"]["operationId"], None)
    if operation is None:
        raise CallFailed("ProtocolError", message="There is no such operation to watch")
    async for progress in operation:
        await wire.chunk(request, progress)


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
            return await provider(type.recover, payload)
        except ProviderError as error:
            return {"status": "Unknown", "message": f"{error.code}: {error.message}"}
    if tag == "List":
        try:
            return await provider(type.list, payload)
        except ProviderError as error:
            raise CallFailed("ListFailed", failure={"code": error.code, "message": error.message}) from error
    operation = perform(wire, tag, type, payload)
    async for progress in operation:
        if progress["status"] != "InProgress":
            return progress
        # A read has one answer. The rest of any other operation is for Watch.
        if tag != "Read":
            watchable[payload["operationId"]] = operation
            return progress


if __name__ == "__main__":
    asyncio.run(Wire(answer).serve())
