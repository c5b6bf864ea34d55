-- What wrk sends to measure sign-ins: each one is an attempt of its own, on a tablet of its own.

local random = assert(io.open("/dev/urandom", "rb"))

local function uuid()
  local hex = random:read(16):gsub(".", function(byte) return string.format("%02x", byte:byte()) end)
  return string.format("%s-%s-4%s-8%s-%s", hex:sub(1, 8), hex:sub(9, 12), hex:sub(14, 16), hex:sub(18, 20), hex:sub(21, 32))
end

local threads = {}

function setup(thread)
  threads[#threads + 1] = thread
end

function init(arguments)
  login, password, version = arguments[1], arguments[2], arguments[3]
  not_ok = 0
end

function request()
  local body = string.format(
    '{"version":%s,"attempt_id":"%s","login":"%s","password":"%s","device_id":"%s"}',
    version, uuid(), login, password, uuid())
  return wrk.format("POST", "/api/sign-in", { ["Content-Type"] = "application/json" }, body)
end

-- A wrong password is a verdict too, and so a 200.
function response(status, headers, body)
  if status ~= 200 or not body:find('"result":"ok"', 1, true) then
    not_ok = not_ok + 1
  end
end

function done(summary, latency, requests)
  local all = 0
  for _, thread in ipairs(threads) do
    all = all + thread:get("not_ok")
  end
  print("Not signed in: " .. all)
end
