/** Nothing is called here: see the description in package.json. */
module.exports = {}
