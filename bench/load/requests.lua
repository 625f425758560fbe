-- For wrk: POSTs the lines of a file in turn; %d in a single line becomes a number that was never used before.
-- Arguments: the file, `gzip` or `identity`, the first number, the header `authorization` or nothing.
local prepared = {}
local template = nil
local number = 0
local turn = 0

function init(args)
  wrk.method = "POST"
  wrk.headers["content-type"] = "application/json"
  if args[2] == "gzip" then wrk.headers["accept-encoding"] = "gzip" end
  if args[4] and args[4] ~= "" then wrk.headers["authorization"] = args[4] end
  number = tonumber(args[3])
  for line in io.lines(args[1]) do
    if line:find("%%d") then template = line else prepared[#prepared + 1] = wrk.format(nil, nil, nil, line) end
  end
end

function request()
  if template then
    number = number + 1
    return wrk.format(nil, nil, nil, (template:gsub("%%d", tostring(number))))
  end
  turn = turn % #prepared + 1
  return prepared[turn]
end

function done(summary, latency)
  local errors = summary.errors
  print(string.format(
    'figures {"requests":%d,"perSecond":%.3f,"p50Ms":%.3f,"p99Ms":%.3f,"errors":%d}',
    summary.requests, summary.requests / (summary.duration / 1e6), latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
