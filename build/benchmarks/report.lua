-- wrk: POSTs reports, each with a text of its own; prints one line "rate p50_ms p99_ms errors".
local serial = 0
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/x-www-form-urlencoded; charset=utf-8"

request = function()
  serial = serial + 1
  return wrk.format(nil, nil, nil, "jurisdiction_id=33.28&api_key=demo&service_code=jalan-rusak&lat=-6.98&long=109.13&description=Jalan+berlubang+di+depan+pasar,+sudah+dua+minggu,+nomor+" .. serial)
end

done = function(summary, latency)
  local bad = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.status + summary.errors.timeout
  io.write(string.format("%.1f %.2f %.2f %d\n", (summary.requests - summary.errors.status) / (summary.duration / 1e6), latency:percentile(50) / 1e3, latency:percentile(99) / 1e3, bad))
end
