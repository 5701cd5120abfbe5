import { assert, describe, it } from "@effect/vitest"
import * as Schema from "effect/Schema"
import { launchEnvironment as launchEnvironmentOn } from "../../../src/agent/launch/LaunchEnvironment.ts"
import { Cookie, LaunchId, NodeName } from "../../../src/protocol/Identity.ts"

const identity = {
  agentNode: NodeName.make("agent@localhost"),
  pluginNode: NodeName.make("aws-plugin@localhost"),
  cookie: Cookie.make("a new cookie"),
  launch: LaunchId.make("this launch"),
}
const carried = {
  FORMAE_AGENT_NODE: "agent@localhost",
  FORMAE_PLUGIN_NODE: "aws-plugin@localhost",
  FORMAE_NETWORK_COOKIE: "a new cookie",
  FORMAE_LAUNCH: "this launch",
}

const host = {
  PATH: "/bin",
  HOME: "/home/it",
  XDG_CACHE_HOME: "/fast",
  LC_ALL: "C",
  AWS_PROFILE: "it",
  AWS_SECRET_ACCESS_KEY: "hunter2",
  AZURE_CLIENT_SECRET: "hunter3",
  NODE_OPTIONS: "--require ./evil.js",
  FORMAE_AGENT_TOKEN: "lets its bearer command an agent",
  NODE_INSPECT_RESUME_ON_START: "1",
  FORMAE_NETWORK_COOKIE: "the agent's own cookie",
  FORMAE_LAUNCH: "the launch of a plugin that has started the agent",
  EMPTY: undefined,
}

const launchEnvironment = (
  variables: Readonly<Record<string, string | undefined>>,
  allowed: ReadonlyArray<string>,
  of: typeof identity,
) => launchEnvironmentOn(variables, allowed, of, "linux")

describe("the environment of a launch", () => {
  it("is what every program needs, and the identity of the launch", () => {
    assert.deepEqual(launchEnvironment(host, [], identity), {
      PATH: "/bin",
      HOME: "/home/it",
      XDG_CACHE_HOME: "/fast",
      LC_ALL: "C",
      ...carried,
    })
  })

  it("has what leads through a proxy and says whom to trust, so that a plugin reaches what the agent reaches", () => {
    const network = {
      HTTP_PROXY: "http://proxy:1",
      HTTPS_PROXY: "http://proxy:2",
      NO_PROXY: "localhost",
      http_proxy: "http://proxy:3",
      https_proxy: "http://proxy:4",
      no_proxy: "127.0.0.1",
      NODE_USE_ENV_PROXY: "1",
      NODE_USE_SYSTEM_CA: "1",
      NODE_EXTRA_CA_CERTS: "/etc/own.pem",
      SSL_CERT_FILE: "/etc/all.pem",
      SSL_CERT_DIR: "/etc/certs",
    }
    assert.deepEqual(launchEnvironment(network, [], identity), { ...network, ...carried })
  })

  it("has what the manifest allows, by its name or its beginning", () => {
    const allowed = launchEnvironment(host, ["AWS_*", "EMPTY"], identity)
    assert.deepEqual(Object.keys(allowed).toSorted(), [
      "AWS_PROFILE",
      "AWS_SECRET_ACCESS_KEY",
      "FORMAE_AGENT_NODE",
      "FORMAE_LAUNCH",
      "FORMAE_NETWORK_COOKIE",
      "FORMAE_PLUGIN_NODE",
      "HOME",
      "LC_ALL",
      "PATH",
      "XDG_CACHE_HOME",
    ])
    assert.notProperty(launchEnvironment(host, ["AWS"], identity), "AWS_PROFILE")
    assert.property(launchEnvironment(host, ["AWS_PROFILE"], identity), "AWS_PROFILE")
  })

  it("never changes how Node runs, whatever the manifest allows", () => {
    const all = launchEnvironment(host, ["NODE_OPTIONS", "NODE_*", "FORMAE_AGENT_TOKEN", "*"], identity)
    assert.notProperty(all, "NODE_OPTIONS")
    assert.notProperty(all, "FORMAE_AGENT_TOKEN")
    assert.notProperty(all, "NODE_INSPECT_RESUME_ON_START")
  })

  it("carries the cookie and the id of this launch, and not those of the host", () => {
    assert.deepInclude(launchEnvironment(host, ["FORMAE_*"], identity), carried)
  })

  it.prop("holds nothing that nobody allowed", [Schema.Record(Schema.String, Schema.String)], ([variables]) => {
    const marked = Object.fromEntries(Object.entries(variables).map(([name, value]) => [`X_${name}`, value]))
    assert.deepEqual(launchEnvironment(marked, ["AWS_*"], identity), carried)
  })
})

describe("the environment of a launch on Windows, which compares names without regard to case", () => {
  const onWindows = (variables: Readonly<Record<string, string>>, allowed: ReadonlyArray<string>) =>
    launchEnvironmentOn(variables, allowed, identity, "win32")

  it("has what programs need there, under the names of the host", () => {
    const needed = {
      Path: String.raw`C:\Windows`,
      SYSTEMROOT: String.raw`C:\Windows`,
      WinDir: String.raw`C:\Windows`,
      SystemDrive: "C:",
      ComSpec: String.raw`C:\Windows\system32\cmd.exe`,
      PathExt: ".COM;.EXE",
      Temp: String.raw`C:\t`,
      tmp: String.raw`C:\t`,
      UserProfile: String.raw`C:\Users\me`,
      AppData: String.raw`C:\Users\me\AppData\Roaming`,
      LocalAppData: String.raw`C:\Users\me\AppData\Local`,
      ProgramData: String.raw`C:\ProgramData`,
    }
    assert.deepEqual(onWindows({ ...needed, Secret: "hunter2" }, []), { ...needed, ...carried })
  })

  it("has what the manifest allows in another case", () => {
    assert.deepEqual(onWindows({ Aws_Profile: "it", azure_x: "no" }, ["AWS_*"]), { Aws_Profile: "it", ...carried })
  })

  it("never changes how Node runs, and has no second name for the identity of the launch", () => {
    assert.deepEqual(
      onWindows({ node_options: "--require ./evil.js", Formae_Network_Cookie: "another", formae_launch: "another" }, [
        "*",
      ]),
      carried,
    )
  })

  it("has each variable once", () => {
    assert.deepEqual(onWindows({ Path: "first", PATH: "second" }, ["PATH"]), { Path: "first", ...carried })
  })

  it("compares names exactly elsewhere", () => {
    assert.deepEqual(launchEnvironmentOn({ Path: "/a", PATH: "/b", aws_x: "no" }, ["AWS_*"], identity, "linux"), {
      PATH: "/b",
      ...carried,
    })
  })
})
