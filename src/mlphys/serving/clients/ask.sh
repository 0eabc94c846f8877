#!/bin/sh
# usage: ask.sh URL TOKEN_FILE MODEL BODY_FILE
# The token goes to curl by its standard input, because every user can read a command's arguments.
printf 'header = "Authorization: Bearer %s"\n' "$(cat "$2")" |
    curl --silent --show-error --config - \
        --header 'Content-Type: application/json' --data-binary "@$4" "$1/models/$3"
