# Every line becomes a C string literal of its own.
s/[\\"]/\\&/g
s/.*/"&\\n"/
