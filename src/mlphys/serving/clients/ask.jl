# usage: julia ask.jl URL TOKEN_FILE MODEL BODY_FILE        (Julia's own library; no packages)
using Downloads

url, token_file, model, body_file = ARGS
answer = IOBuffer()
response = Downloads.request("$url/models/$model";
                             method = "POST",
                             headers = ["Authorization" => "Bearer " * strip(read(token_file, String)),
                                        "Content-Type" => "application/json"],
                             input = open(body_file),
                             output = answer)
print(String(take!(answer)))
exit(response.status == 200 ? 0 : 1)
