/** A document for tests of the command, whole and in parts. */

/** The value of its secret. */
export const canary = "canary-5e0c91"

/** Its name and its target. `config` is added to the config of the target. */
export const head = (config = "") => `name: shop
targets:
  cloud: { namespace: FakeAWS, config: { cloud: ./cloud.db, region: eu-west-1, settleMillis: 0${config} } }
`

/** The head with a second target, whose namespace is `Dead`. */
export const headWithDead = `${head()}  dead: { namespace: Dead }
`

export const net = `  - { label: net, type: FakeAWS::EC2::VPC, target: cloud, properties: { CidrBlock: 10.0.0.0/16 } }
`
export const block = `  - label: block
    type: FakeAWS::EC2::VPCCidrBlock
    target: cloud
    properties: { VpcId: { $ref: net.VpcId }, CidrBlock: 10.1.0.0/16 }
`
export const password = `  - label: password
    type: FakeAWS::SecretsManager::Secret
    target: cloud
    properties: { Name: password, SecretString: ${canary} }
`

export const shop = `${head()}resources:\n${net}${block}${password}`
