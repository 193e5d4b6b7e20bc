-- Sends one prepared check-in after the other: wrk -s check-in.lua URL -- FILE
-- A line of the file: path, client address, body, separated by tabs.
local requests, count, at = {}, 0, 0

function init(arguments)
  for line in io.lines(arguments[1]) do
    local path, client, body = line:match("^([^\t]+)\t([^\t]+)\t(.+)$")
    count = count + 1
    requests[count] = wrk.format("POST", path, {
      ["Host"] = "licenses.example.org",
      ["Content-Type"] = "application/json",
      ["X-Forwarded-For"] = client,
    }, body)
  end
end

function request()
  at = at % count + 1
  return requests[at]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format("RESULT %d %d %d %.0f\n", summary.requests, summary.duration,
    errors.connect + errors.read + errors.write + errors.timeout + errors.status, latency:percentile(99)))
end
