(* askModel["http://127.0.0.1:8765", "token file", "digits", {0., 1., ...}] gives a list of outputs *)
askModel[url_String, tokenFile_String, model_String, inputs_List] :=
  Module[{answer},
    answer = URLRead[HTTPRequest[url <> "/models/" <> model, <|
        Method -> "POST",
        "ContentType" -> "text/x-wolfram-list",
        "Headers" -> {"Authorization" -> "Bearer " <> StringTrim[Import[tokenFile, "Text"]]},
        "Body" -> ToString[inputs, InputForm]|>]];
    If[answer["StatusCode"] === 200,
      ToExpression[answer["Body"]],
      Failure["Refused", <|"MessageTemplate" -> answer["Body"]|>]]]
