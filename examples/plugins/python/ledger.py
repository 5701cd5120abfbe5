"""The provider: accounts and transfers in the SQLite file that the target's config names."""

import os
import sqlite3
import threading
import time
from dataclasses import dataclass

RECOVERABLE = {
    "Throttling", "NotStabilized", "ServiceInternalError", "ServiceTimeout",
    "NetworkFailure", "InternalFailure", "NotFound", "ResourceConflict",
}  # fmt: skip


class ProviderError(Exception):
    """A refusal of the provider, with one of the codes of the protocol."""

    def __init__(self, code, message):
        super().__init__(message)
        self.code, self.message = code, message


@dataclass
class Done:
    native_id: str
    properties: dict


@dataclass
class Accepted:
    """Work that is not finished. The request id is all that `status` needs, also in a later launch."""

    request_id: str
    native_id: str


TABLES = {
    "accounts": "name TEXT NOT NULL UNIQUE, owner TEXT NOT NULL",
    "transfers": "account TEXT NOT NULL, amount INTEGER NOT NULL, memo TEXT NOT NULL, ready_at REAL NOT NULL",
}

TARGET_FIELDS = {
    "ledger": ("a path", lambda value: isinstance(value, str) and value != ""),
    "settleMillis": ("a number of milliseconds", lambda value: type(value) is int and value >= 0),
}


def check_target(target):
    for name, value in target.items():
        if name not in TARGET_FIELDS:
            raise ProviderError("InvalidRequest", f"targetConfig: {name}: there is no such field")
        expected, is_good = TARGET_FIELDS[name]
        if not is_good(value):
            raise ProviderError("InvalidRequest", f"targetConfig: {name}: Expected {expected}")
    if "ledger" not in target:
        raise ProviderError("InvalidRequest", "targetConfig: ledger: is missing")


# SQLite allows one writer at a time. Threads of this process wait for the lock; other processes are given a moment.
BUSY_SECONDS = 0.25
lock = threading.Lock()


def transact(target, work, *, writes):
    """Runs `work` in one transaction. If the plugin is killed in it, nothing was done."""
    check_target(target)
    path = target["ledger"]
    with lock:
        try:
            # A read does not create the file: a ledger that does not exist is empty.
            exists = os.path.exists(path) and os.path.getsize(path) > 0
            connection = sqlite3.connect(path if writes or exists else ":memory:", timeout=BUSY_SECONDS)
            connection.isolation_level = None
            try:
                with connection:
                    connection.execute("BEGIN IMMEDIATE" if writes else "BEGIN")
                    for table, columns in {} if exists else TABLES.items():
                        own = "number INTEGER PRIMARY KEY AUTOINCREMENT, operation_id TEXT NOT NULL UNIQUE"
                        connection.execute(f"CREATE TABLE {table} ({own}, {columns})")
                    return work(connection)
            finally:
                connection.close()
        except sqlite3.OperationalError as error:
            busy = "locked" in str(error)
            raise ProviderError("Throttling" if busy else "GeneralServiceException", str(error)) from error


def trait(*names):
    every = ("required", "createOnly", "writeOnly", "opaque", "output", "unordered")
    return {name: name in names for name in every}


class ResourceType:
    """What the types have in common. Each type says how its rows are inserted, found, changed and shown."""

    table: str
    key: str
    inputs: dict  # The properties that may be given, with the JSON Schema of each
    traits: dict

    def capabilities(self):
        text = {"type": "string", "minLength": 1}
        target = {"ledger": text, "settleMillis": {"type": "integer", "minimum": 0}}
        required = [name for name, traits in self.traits.items() if traits["required"]]
        return {
            "type": self.name, "idempotency": self.idempotency, "listable": True, "recoverable": True,
            "targetIdentity": ["ledger"], "properties": self.traits,
            "schema": closed(self.inputs, required), "targetSchema": closed(target, ["ledger"]),
        }  # fmt: skip

    def check(self, properties):
        for name, value in properties.items():
            schema = self.inputs.get(name)
            if schema is None:
                raise ProviderError("InvalidRequest", f"properties: {name}: there is no such property")
            kind = str if schema["type"] == "string" else int
            if not isinstance(value, kind) or isinstance(value, bool) or value == "":
                raise ProviderError("InvalidRequest", f"properties: {name}: Expected {schema['type']}")
        for name, traits in self.traits.items():
            if traits["required"] and name not in properties:
                raise ProviderError("InvalidRequest", f"properties: {name}: is missing")

    def find(self, connection, column, value):
        query = f"SELECT {', '.join(self.columns)} FROM {self.table} WHERE {column} = ?"
        row = connection.execute(query, (value,)).fetchone()
        return None if row is None else dict(zip(self.columns, row))

    def created_by(self, operation_id):
        """The row that an operation has created, or None. So a create that is sent twice has the effect of one."""
        return lambda connection: self.find(connection, "operation_id", operation_id)

    def create(self, request):
        self.check(request["properties"])

        def work(connection):
            made = self.created_by(request["operationId"])(connection)
            if made is None:
                self.insert(connection, request)
                made = self.created_by(request["operationId"])(connection)
            return self.answer(made)

        return transact(request["targetConfig"], work, writes=True)

    def recover(self, request):
        made = transact(request["targetConfig"], self.created_by(request["operationId"]), writes=False)
        if made is None:
            return {"status": "NotStarted"}
        answer = self.answer(made)
        if isinstance(answer, Accepted):
            return {"status": "InProgress", "requestId": answer.request_id, "nativeId": answer.native_id}
        return {"status": "Done", "nativeId": answer.native_id, "properties": answer.properties}

    def get(self, connection, native_id):
        row = self.find(connection, self.key, native_id)
        if row is None:
            raise ProviderError("NotFound", f"{native_id} does not exist")
        return row

    def read(self, request):
        row = transact(request["targetConfig"], lambda c: self.get(c, request["nativeId"]), writes=False)
        return Done(request["nativeId"], self.show(row))

    def status(self, request):
        found = request["requestId"]
        return self.answer(transact(request["targetConfig"], lambda c: self.get(c, found), writes=False))

    def update(self, request):
        native_id, desired = request["nativeId"], request["desired"]
        self.check(desired)

        def work(connection):
            present = self.show(self.get(connection, native_id))
            for name, traits in self.traits.items():
                if traits["createOnly"] and desired[name] != present[name]:
                    raise ProviderError("NotUpdatable", f"{name} cannot be changed after create")
            change = f"UPDATE {self.table} SET {self.updates} = ? WHERE {self.key} = ?"
            connection.execute(change, (desired.get(self.updates.title(), ""), native_id))
            return Done(native_id, self.show(self.get(connection, native_id)))

        return transact(request["targetConfig"], work, writes=True)

    def delete(self, request):
        remove = f"DELETE FROM {self.table} WHERE {self.key} = ?"
        transact(request["targetConfig"], lambda c: c.execute(remove, (request["nativeId"],)) and None, writes=True)
        return Done(request["nativeId"], {})

    def list(self, request):
        size, token = request.get("pageSize", 100), request.get("pageToken", "0")
        if not token.isdecimal():
            raise ProviderError("InvalidRequest", f"There is no page {token}")
        query = f"SELECT number, {self.key} FROM {self.table} WHERE number > ? ORDER BY number LIMIT ?"
        find = lambda c: c.execute(query, (int(token), size + 1)).fetchall()
        rows = transact(request["targetConfig"], find, writes=False)
        page = {"nativeIds": [str(row[1]) for row in rows[:size]]}
        return {**page, "nextPageToken": str(rows[size - 1][0])} if len(rows) > size else page


def closed(properties, required):
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


class Account(ResourceType):
    """An account is created right away, and is known by its name."""

    name, idempotency = "Ledger::Books::Account", "name"
    table, key, updates = "accounts", "name", "owner"
    columns = ("number", "name", "owner")
    inputs = {"Name": {"type": "string", "minLength": 1}, "Owner": {"type": "string", "minLength": 1}}
    traits = {"Name": trait("required", "createOnly"), "Owner": trait("required"), "Number": trait("output")}

    def insert(self, connection, request):
        name, owner = request["properties"]["Name"], request["properties"]["Owner"]
        if self.find(connection, "name", name) is not None:
            raise ProviderError("AlreadyExists", f"Another operation has created the account {name}")
        values = (name, owner, request["operationId"])
        connection.execute("INSERT INTO accounts (name, owner, operation_id) VALUES (?, ?, ?)", values)

    def show(self, row):
        return {"Name": row["name"], "Owner": row["owner"], "Number": row["number"]}

    def answer(self, row):
        return Done(row["name"], self.show(row))


class Transfer(ResourceType):
    """A transfer takes `settleMillis` of its target to complete. It has a number, and the operation id as its token."""

    name, idempotency = "Ledger::Books::Transfer", "token"
    table, key, updates = "transfers", "number", "memo"
    columns = ("number", "account", "amount", "memo", "ready_at")
    inputs = {
        "Account": {"type": "string", "minLength": 1},
        "Amount": {"type": "integer"},
        "Memo": {"type": "string", "minLength": 1},
    }
    traits = {
        "Account": trait("required", "createOnly"),
        "Amount": trait("required", "createOnly"),
        "Memo": trait(),
        "TransferId": trait("output"),
    }

    def insert(self, connection, request):
        wanted = request["properties"]
        ready_at = time.time() + request["targetConfig"].get("settleMillis", 0) / 1000
        values = (wanted["Account"], wanted["Amount"], wanted.get("Memo", ""), ready_at, request["operationId"])
        columns = "account, amount, memo, ready_at, operation_id"
        connection.execute(f"INSERT INTO transfers ({columns}) VALUES (?, ?, ?, ?, ?)", values)

    def show(self, row):
        shown = {"Account": row["account"], "Amount": row["amount"], "TransferId": str(row["number"])}
        return shown if row["memo"] == "" else {**shown, "Memo": row["memo"]}

    def answer(self, row):
        number = str(row["number"])
        return Done(number, self.show(row)) if row["ready_at"] <= time.time() else Accepted(number, number)


TYPES = {type.name: type for type in (Account(), Transfer())}
