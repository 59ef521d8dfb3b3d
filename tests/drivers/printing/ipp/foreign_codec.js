// Has npm's ipp-encoder read and write messages for test_foreign_codecs.py. A JSON value a line, in and out:
// {"read": HEX} gives what the codec reads, {"write": MESSAGE} gives the bytes that it writes. Dates are {"date": ISO}.
// Call: TZ=UTC node foreign_codec.js FOLDER_OF_IPP_ENCODER, because the codec writes dates in local time.
'use strict'

const { createInterface } = require('readline')
const { request } = require(process.argv[2])

const shown = value => value instanceof Date ? { date: value.toISOString() } : value
const meant = value => value && value.date ? new Date(value.date) : value

function read (hex) {
  const found = request.decode(Buffer.from(hex, 'hex'))
  const groups = found.groups.map(group => [
    group.tag, group.attributes.map(each => [each.tag, each.name, each.value.map(shown)])
  ])
  return [found.version.major, found.version.minor, found.operationId, found.requestId, groups]
}

function write ([major, minor, operationId, requestId, groups]) {
  return request.encode({
    version: { major, minor },
    operationId,
    requestId,
    groups: groups.map(([tag, attributes]) => ({
      tag, attributes: attributes.map(([tag, name, values]) => ({ tag, name, value: values.map(meant) }))
    }))
  }).toString('hex')
}

createInterface({ input: process.stdin }).on('line', line => {
  const asked = JSON.parse(line)
  console.log(JSON.stringify('read' in asked ? read(asked.read) : write(asked.write)))
})
