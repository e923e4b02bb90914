"""A plain Flask application with the routes of the bench; served by gunicorn with one worker."""

from flask import Flask, Response, jsonify

app = Flask(__name__)


@app.get("/plaintext")
def plaintext() -> Response:
    return Response("Hello, World!", mimetype="text/plain")


@app.get("/json")
def json() -> Response:
    return jsonify(message="Hello, World!")


@app.get("/users/<int:number>")
def user(number: int) -> Response:
    return Response(f"user {number}", mimetype="text/plain")
